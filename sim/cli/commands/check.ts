export const checkCommand = {name:"check",usage:"check <files..>",summary:"x",options:{},async run(){return 0}};
